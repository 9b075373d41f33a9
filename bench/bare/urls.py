"""Addresses of the rival, before SIPUMA's own public ones, which the tracking template links to."""

from django.urls import include, path

from bench.bare import views

urlpatterns = [
    path("readyz", views.ready),
    path("bare/file", views.file),
    path("bare/insert", views.insert),
    path("bare/upload", views.upload),
    path("bare/track", views.track),
    path("", include("sipuma.public.urls")),
]
