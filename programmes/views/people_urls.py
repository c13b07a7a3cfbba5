"""The prefix is /<authority>/."""

from django.urls import include, path

from programmes.views import invitations, people, teams

urlpatterns = [
    path(
        # people/
        "people/",
        include(
            [
                path("", people.people, name="people"),
                path("invite/", invitations.people_invite, name="people-invite"),
                path("invite-many/", invitations.people_invite_many, name="people-invite-many"),
                path(
                    "invitations/send-unsent/",
                    invitations.people_invitations_send_unsent,
                    name="people-invitations-send-unsent",
                ),
                path(
                    "invitations/<uuid:pk>/send-again/",
                    invitations.people_invitation_send_again,
                    name="people-invitation-send-again",
                ),
                path(
                    "invitations/<uuid:pk>/withdraw/",
                    invitations.people_invitation_withdraw,
                    name="people-invitation-withdraw",
                ),
                path("<uuid:pk>/edit/", people.people_edit, name="people-edit"),
                path("<uuid:pk>/end/", people.people_end, name="people-end"),
                path("<uuid:pk>/resume/", people.people_resume, name="people-resume"),
            ]
        ),
    ),
    path(
        # teams/
        "teams/",
        include(
            [
                path("", teams.teams, name="teams"),
                path("add/", teams.team_add, name="team-add"),
                path("<uuid:pk>/edit/", teams.team_edit, name="team-edit"),
                path("<uuid:pk>/remove/", teams.team_remove, name="team-remove"),
            ]
        ),
    ),
]
