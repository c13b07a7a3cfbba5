"""The prefix is /<authority>/workshops/."""

from django.urls import include, path

from workshops.views import planner, pods

_block = [
    # /<authority>/workshops/<pk>/blocks/<block_pk>/
    path("edit/", planner.block_edit, name="block-edit"),
    path("order/", planner.block_order, name="block-order"),
    path("double/", planner.block_double, name="block-double"),
    path("skip/", planner.block_skip, name="block-skip"),
    path("time/", pods.block_time, name="block-time"),
    path("unskip/", planner.block_unskip, name="block-unskip"),
    path("remove/", planner.block_remove, name="block-remove"),
    path("put-back/", planner.block_put_back, name="block-put-back"),
]
_workshop = [
    # /<authority>/workshops/<pk>/
    path("", planner.workshop, name="workshop"),
    path("edit/", planner.workshop_edit, name="workshop-edit"),
    path("call-off/", planner.workshop_call_off, name="workshop-call-off"),
    path("workshop.ics", planner.workshop_calendar, name="workshop-calendar"),
    path("helpers/", planner.workshop_people, name="workshop-people"),
    path("invite/", planner.workshop_invite, name="workshop-invite"),
    path("invitations/send/", planner.invitations_send, name="invitations-send"),
    path("invitations/leave/", planner.invitations_leave, name="invitations-leave"),
    path(
        "invitations/<uuid:invitee_pk>/remove/",
        planner.invitee_remove,
        name="invitee-remove",
    ),
    path("agenda/", pods.pod_agenda, name="pod-agenda"),
    path("blocks/add/", planner.block_add, name="block-add"),
    path("blocks/<uuid:block_pk>/", include(_block)),
]
urlpatterns = [
    path("", planner.workshops, name="workshops"),
    path("add/", planner.workshop_add, name="workshop-add"),
    path("pods/invite/", pods.pods_invite, name="pods-invite"),
    path("dates/<uuid:pk>/plan/", planner.date_plan, name="date-plan"),
    path("<uuid:pk>/", include(_workshop)),
]
