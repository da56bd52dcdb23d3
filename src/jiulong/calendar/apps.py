from django.apps import AppConfig


class CalendarConfig(AppConfig):
    name = "jiulong.calendar"
    label = "calendar"
