from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    name = "linli.mechanisms.casework"
    label = "casework"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from linli.kernel.background.chores import also_do
        from linli.kernel.deadlines.agenda import held_by_desk
        from linli.kernel.events.exporting import also_export
        from linli.mechanisms.casework import funnel, indicators, paper_kinds, procedure  # noqa: F401
        from linli.mechanisms.casework.by_mail import tasks as mail_tasks  # noqa: F401
        from linli.mechanisms.casework.dissolving import pass_on_what_dissolved_units_had
        from linli.mechanisms.casework.exchanging import pushing, tasks  # noqa: F401
        from linli.mechanisms.casework.questions.exporting import answers_as_columns

        held_by_desk("triage", "ask", "appeal")
        also_export(answers_as_columns)
        also_do("passing on what dissolved units had", 600.0, pass_on_what_dissolved_units_had)
        from linli.mechanisms.casework.suggesting.judging import judge_all
        from linli.mechanisms.casework.suggesting.learning import begin_nights

        also_do("judging what was suggested", 3600.0, judge_all)
        also_do("beginning the nightly fit of suggestions", 900.0, begin_nights)
