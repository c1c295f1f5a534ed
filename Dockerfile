# The bank in a container: Node, what npm installs for production, and the source, which is what runs. No shell, no
# package manager, no PostgreSQL. docs/container.md says how to run it; deploy/image.test.ts follows these lines in an
# empty folder and works with what comes out.

# The Node that package.json brings for development too: a test keeps the two versions the same.
FROM node:26.10.0-trixie-slim@sha256:ec7758ee051e457b468b32bde57b0879010b325bb9862718e9615225ce4aaae1 AS build
WORKDIR /app
COPY .npmrc package.json package-lock.json ./
# The pages, built: what builds them is not needed any more, and goes with the install below.
COPY tsconfig.json openapi.json ./
COPY sdk sdk
COPY console console
RUN npm run image:console && rm -r console/src console/describe console/build.ts console/tsconfig.json sdk tsconfig.json
COPY scripts/prune-image.ts scripts/prune-image.ts
RUN npm run image:install
COPY LICENSE LICENSE
COPY bin bin
COPY migrations migrations
COPY src src
# Node itself, and the one library that it needs and the next stage lacks (where it needs it: not on every platform).
RUN install -D -t /runtime/usr/local/bin /usr/local/bin/node && ldd /usr/local/bin/node | awk '$1 == "libatomic.so.1" { print $3 }' | xargs -r install -D -t /runtime/usr/lib

# The C and C++ libraries, certificates and an account without rights. The image above would be 100 MB more.
FROM gcr.io/distroless/cc-debian13:nonroot@sha256:e792ab3d241a468a4fd7519ddbbebe66b49b5f365771716ea688ad40b6c6f1c2
LABEL org.opencontainers.image.title="Florin" \
      org.opencontainers.image.description="A bank's back end in TypeScript on PostgreSQL" \
      org.opencontainers.image.licenses="Apache-2.0"
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8080 FLORIN_DEMO=off
WORKDIR /app
COPY --from=build /runtime /
# Root's, for everybody to read: the account below cannot change what it runs.
COPY --from=build /app /app
USER 65532:65532
EXPOSE 8080
STOPSIGNAL SIGTERM
# Whether the process answers. Not whether it is ready: a container is not mended by ending it when its database is away.
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --start-interval=1s --retries=3 CMD ["/usr/local/bin/node", "bin/healthcheck.mjs"]
ENTRYPOINT ["/usr/local/bin/node", "bin/florin.mjs"]
CMD ["serve"]
