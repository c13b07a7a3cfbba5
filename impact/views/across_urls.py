"""Pages across authorities; the prefix is /portfolio/impact/."""

from django.urls import path

from impact.views import across, across_learning

urlpatterns = [
    path("", across.across, name="across"),
    path("side-by-side.pdf", across.across_pdf, name="across-pdf"),
    path("side-by-side.docx", across.across_docx, name="across-docx"),
    path("learning/", across_learning.learning_across, name="learning"),
]
