"""Under /<authority>/: the golden thread."""

from django.urls import path

from impact.views import thread

urlpatterns = [path("thread/", thread.thread, name="thread")]
