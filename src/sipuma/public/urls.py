"""Addresses of the citizens' pages; a ticket stands in none of them."""

from django.urls import path

from sipuma.complaints.wise.content import SCHEMA_FILE
from sipuma.public import filing_pages, information, procedure_page, tracking_pages

urlpatterns = [
    path("", information.home, name="home"),
    path("lapor/", filing_pages.file_page, name="file"),
    path("lapor/cetak/", tracking_pages.print_page, name="print"),
    path("lacak/", tracking_pages.track_page, name="track"),
    path("saluran/", information.channels, name="channels"),
    path("cara-kerja/", information.how_it_works, name="how-it-works"),
    path("privasi/", information.privacy, name="privacy"),
    path(f"skema/{SCHEMA_FILE}", information.wise_schema, name="wise-schema"),
    path("prosedur/", procedure_page.procedure, name="procedure"),
]
