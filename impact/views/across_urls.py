from django.urls import path

from impact.views import across

urlpatterns = [
    # portfolio/impact/
    path("", across.across, name="across"),
    path("side-by-side.pdf", across.across_pdf, name="across-pdf"),
    path("side-by-side.docx", across.across_docx, name="across-docx"),
]
