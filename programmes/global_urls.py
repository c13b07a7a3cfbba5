"""Pages that are not inside one authority: the Crescendo team's, invitations, and one's own account."""

app_name = "places"

urlpatterns: list = []
