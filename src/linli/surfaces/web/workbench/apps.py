from django.apps import AppConfig


class WorkbenchConfig(AppConfig):
    name = "linli.surfaces.web.workbench"
    label = "workbench"
