"""Django Channels with Redis doing the same job, in as few lines as its documentation has it.

Runs in an environment of its own, which `benchmarks.live` makes; the project knows nothing of it.
A note is kept and counted in one transaction, then its HTML is sent to the room's group. Pages are
WSGI processes and people listen to an ASGI process, as ours do; it renders and checks nothing.
"""

import os
import secrets

import django
from asgiref.sync import async_to_sync
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.layers import get_channel_layer
from channels.routing import ProtocolTypeRouter, URLRouter
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.core.wsgi import get_wsgi_application
from django.db import connection, transaction
from django.http import HttpResponse
from django.urls import path

HOST, _, NAME = os.environ["RIVAL_DATABASE"].rpartition("|")
settings.configure(
    SECRET_KEY=secrets.token_hex(),
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=["channels"],
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "HOST": HOST,
            "NAME": NAME,
            "USER": "crescendo",
            "CONN_MAX_AGE": None,
        }
    },
    CHANNEL_LAYERS={
        "default": {
            "BACKEND": "channels_redis.core.RedisChannelLayer",
            "CONFIG": {"hosts": [f"unix://{os.environ['RIVAL_REDIS']}"], "capacity": 1000},
        }
    },
)
django.setup()


def add(request):
    html = request.body.decode()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE rival_room SET seq = seq + 1 RETURNING seq")
        cursor.execute("INSERT INTO rival_note (html) VALUES (%s)", [html])
    async_to_sync(get_channel_layer().group_send)("room", {"type": "note", "html": html})
    return HttpResponse(status=204)


class Listener(AsyncWebsocketConsumer):
    async def connect(self):
        await self.channel_layer.group_add("room", self.channel_name)
        await self.accept()

    async def disconnect(self, code):
        await self.channel_layer.group_discard("room", self.channel_name)

    async def note(self, event):
        await self.send(text_data=event["html"])


urlpatterns = [path("add/", add)]
pages = get_wsgi_application()
application = ProtocolTypeRouter(
    {
        "http": get_asgi_application(),
        "websocket": URLRouter([path("listen/", Listener.as_asgi())]),
    }
)
