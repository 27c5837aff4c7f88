# One image for every service; the command says which. BASE_IMAGE is any Debian with Python 3.11+.
ARG BASE_IMAGE=python:3.11-slim-bookworm
FROM ${BASE_IMAGE}

ENV MALLOC_ARENA_MAX=2 PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN useradd --system --uid 10001 --home-dir /app --shell /usr/sbin/nologin leadfly
WORKDIR /app
COPY requirements/run.txt requirements/run.txt
RUN python3 -m venv .venv && .venv/bin/pip install --quiet --require-hashes -r requirements/run.txt
COPY migrations migrations
COPY shared shared
COPY services services
COPY leadfly leadfly
COPY lead_discovery lead_discovery
ENV PATH=/app/.venv/bin:$PATH PYTHONPATH=/app HOST=0.0.0.0 AUTH_MODE=keys LEADFLY_HOME=/app/data
RUN mkdir data && chown leadfly data
USER leadfly
EXPOSE 8000
# gthread: a slow database call holds one thread, not the worker. Half-sent requests are the proxy's.
CMD ["gunicorn", "leadfly.app:served()", "--config=python:leadfly.gunicorn_config", "--bind=0.0.0.0:8000", "--worker-class=shared.web.gunicorn_worker.Worker", "--workers=2", "--threads=8", "--keep-alive=75", "--no-control-socket", "--logger-class=shared.web.gunicorn_logs.Logger"]
