"""Logging: one line per event to standard error, keys and values, never a request's content."""

from typing import Any

import structlog

SHARED: list[structlog.typing.Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]

structlog.configure(
    processors=[*SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
    logger_factory=structlog.stdlib.LoggerFactory(),
    wrapper_class=structlog.stdlib.BoundLogger,
    cache_logger_on_first_use=True,
)

LOGGING: dict[str, Any] = {  # Any: the shape is logging.config's
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": structlog.stdlib.ProcessorFormatter,
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"]),
            ],
            "foreign_pre_chain": SHARED,
        },
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        # Django's own lines carry paths and, in tracebacks, local data: ours replace them.
        "django.request": {"level": "CRITICAL"},
        "django.security": {"level": "CRITICAL"},
        "httpx": {"level": "WARNING"},
        # They tell each step of each paper, and what of its text they could not print.
        "weasyprint": {"level": "CRITICAL"},
        "weasyprint.progress": {"level": "CRITICAL"},
        "fontTools": {"level": "CRITICAL"},
    },
}
