from django.apps import AppConfig


class ScorecardsConfig(AppConfig):
    name = "jiulong.scorecards"
    label = "scorecards"

    def ready(self) -> None:
        from jiulong.scorecards import case_metrics, sections, standing_offers  # noqa: PLC0415 - models load first

        sections.register_sections()
        case_metrics.register_all()
        standing_offers.offer()
