"""The web process's entry point: `granian --interface asgi jiulong.asgi:application`."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiulong.settings")
application = get_asgi_application()
