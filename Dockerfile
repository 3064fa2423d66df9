# One small image with the `peekaboo` binary, which holds the dashboard.
#
#   docker build --tag peekaboo .
#   docker run --publish 3000:3000 --publish 6001:6001 --volume peekaboo:/var/lib/peekaboo peekaboo

# The SDK, the storefront and the dashboard, as files.
FROM node:22-bookworm-slim AS web
RUN apt-get update && apt-get install --yes --no-install-recommends make && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
RUN make web

FROM rust:1.95-bookworm AS build
WORKDIR /src
COPY . .
COPY --from=web /src/sdk/js/dist sdk/js/dist
COPY --from=web /src/examples/storefront/dist examples/storefront/dist
COPY --from=web /src/ui/dist ui/dist
RUN --mount=type=cache,target=/usr/local/cargo/registry --mount=type=cache,target=/src/target \
    cargo build --locked --release --package peekaboo-hub && cp target/release/peekaboo /usr/local/bin/

FROM debian:bookworm-slim
RUN apt-get update && apt-get install --yes --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/* \
    && useradd --system --user-group --home-dir /var/lib/peekaboo --create-home peekaboo
COPY --from=build /usr/local/bin/peekaboo /usr/local/bin/peekaboo
USER peekaboo
WORKDIR /var/lib/peekaboo
VOLUME /var/lib/peekaboo
# Inside of a container the outside is decided by what is published.
ENV PEEKABOO_DASHBOARD_LISTEN=0.0.0.0:3000 \
    PEEKABOO_SDK_LISTEN=0.0.0.0:6001 \
    PEEKABOO_METRICS_LISTEN=0.0.0.0:9464 \
    PEEKABOO_DATA_DIR=/var/lib/peekaboo \
    PEEKABOO_LOG_FORMAT=json
EXPOSE 3000 6001 9464
# Draining takes as long as `shutdown.window`; give it more than Docker's ten seconds: `docker stop --time 30`.
STOPSIGNAL SIGTERM
ENTRYPOINT ["peekaboo"]
CMD ["serve"]
