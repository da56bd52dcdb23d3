from django.apps import AppConfig


class ScorecardsConfig(AppConfig):
    name = "jiulong.scorecards"
    label = "scorecards"
