"""The web process's entry point: `granian --interface asgi jiulong.asgi:application`."""

import os
import warnings

from django.core.asgi import get_asgi_application

# WhiteNoise hands out files as plain iterators; Django reads those in a thread, which is right.
warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous")

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiulong.settings")
application = get_asgi_application()
