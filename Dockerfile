# One image for every service; the command says which. BASE_IMAGE is any Debian with Python 3.11+.
ARG BASE_IMAGE=python:3.11-slim-bookworm

FROM ${BASE_IMAGE} AS libraries
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /app
COPY requirements/run.txt requirements/run.txt
COPY deploy/image deploy/image
RUN python3 -m venv .venv \
 && .venv/bin/pip install --quiet --no-compile --require-hashes -r requirements/run.txt \
 && cd .venv/lib/python3*/site-packages && /app/deploy/image/libraries.sh /app/deploy/image/languages.txt

FROM ${BASE_IMAGE} AS system
RUN useradd --system --user-group --uid 10001 --home-dir /app --shell /usr/sbin/nologin leadfly
COPY deploy/image/system.sh /tmp/system.sh
RUN install -d -o leadfly -g leadfly -m 0700 /app/data /erasures && /tmp/system.sh && rm /tmp/system.sh

# What was taken away above would still be carried along by a layer below.
FROM scratch
COPY --from=system / /
WORKDIR /app
COPY --from=libraries /app/.venv .venv
COPY migrations migrations
COPY shared shared
COPY services services
COPY leadfly leadfly
COPY lead_discovery lead_discovery
ENV PATH=/app/.venv/bin:/usr/local/bin:/usr/bin:/bin PYTHONPATH=/app LANG=C.UTF-8 \
    MALLOC_ARENA_MAX=2 PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 \
    HOST=0.0.0.0 AUTH_MODE=keys LEADFLY_HOME=/app/data
RUN python3 -m compileall -q --invalidation-mode unchecked-hash shared services leadfly lead_discovery
USER leadfly
EXPOSE 8000
# gthread: a slow database call holds one thread, not the worker. Half-sent requests are the proxy's.
CMD ["gunicorn", "leadfly.app:served()", "--config=python:leadfly.gunicorn_config", "--bind=0.0.0.0:8000", "--worker-class=shared.web.gunicorn_worker.Worker", "--workers=2", "--threads=8", "--keep-alive=75", "--no-control-socket", "--logger-class=shared.web.gunicorn_logs.Logger"]
