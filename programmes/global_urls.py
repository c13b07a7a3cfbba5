"""Pages outside any authority: the Crescendo team's, invitations, and one's own account."""

from django.urls import include, path

from programmes.views import account, crescendo_team, invitations, mails, places

app_name = "places"

urlpatterns = [
    path("account/", account.account, name="account"),
    path("account/mails/", mails.mails, name="mails"),
    path("mails/<str:token>/", mails.mails_stop, name="mails-stop"),
    path("invitations/<slug:secret>/", invitations.invitation, name="invitation"),
    path(
        # portfolio/
        "portfolio/",
        include(
            [
                path("add/", places.authority_add, name="authority-add"),
                path("<slug:slug>/edit/", places.authority_edit, name="authority-edit"),
                path("crescendo-team/", crescendo_team.crescendo_team, name="crescendo-team"),
                path(
                    "crescendo-team/<int:person>/remove/",
                    crescendo_team.crescendo_team_remove,
                    name="crescendo-team-remove",
                ),
                path(
                    "crescendo-team/invitations/<uuid:invitation>/send-again/",
                    crescendo_team.crescendo_team_invitation_send_again,
                    name="crescendo-team-invitation-send-again",
                ),
                path(
                    "crescendo-team/invitations/<uuid:invitation>/withdraw/",
                    crescendo_team.crescendo_team_invitation_withdraw,
                    name="crescendo-team-invitation-withdraw",
                ),
            ]
        ),
    ),
]
