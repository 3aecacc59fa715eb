/** The arrows of docs/architecture.md: a room of server/src may import only what is listed here. */
const arrows = {
  main: ["cli"],
  app: [
    "config",
    "operations",
    "oauth",
    "login",
    "gateway",
    "dev",
    "protocol",
    "domain",
    "store",
    "outbound",
  ],
  config: [],
  cli: ["app", "config", "protocol", "domain", "store", "outbound"],
  protocol: [],
  operations: ["protocol", "domain", "store"],
  oauth: ["protocol", "domain"],
  // The pages go on with what the authorization endpoint began.
  login: ["oauth", "protocol", "domain"],
  gateway: ["protocol", "domain"],
  dev: ["protocol", "domain"],
  domain: ["store"],
  // Signatures are the same whichever way they go.
  outbound: ["protocol", "domain"],
  store: [],
  errors: [],
  lib: [],
};
const everywhere = ["errors", "lib"];
const place = (room) => `^server/src/${room}(/|\\.ts$)`;
const tests = "\\.test\\.ts$|^server/src/testing/";

const rooms = Object.entries(arrows).map(([room, allowed]) => ({
  name: `arrow-${room}`,
  severity: "error",
  comment: `${room} may import ${[...allowed, ...everywhere].join(", ")}`,
  from: { path: place(room), pathNot: tests },
  to: {
    path: "^server/src/",
    pathNot: [room, ...allowed, ...everywhere].map(place).join("|"),
  },
}));

export default {
  forbidden: [
    ...rooms,
    {
      name: "no-cycle",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "an-operation-never-imports-an-operation",
      severity: "error",
      from: {
        path: "^server/src/operations/([^/]+)/([^/]+)/[^/]+\\.ts$",
        pathNot: `${tests}|/index\\.ts$`,
      },
      to: { path: "^server/src/operations/[^/]+/[^/]+/", pathNot: "/shapes\\.ts$" },
    },
    {
      name: "aws-sdk-as-type-only",
      severity: "error",
      from: { path: "^(server|client)/src/", pathNot: tests },
      to: { path: "node_modules/@(aws-sdk|smithy)/", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "testing-stays-in-tests",
      severity: "error",
      from: { pathNot: `${tests}|^e2e/` },
      to: { path: "^(server/src|web/src/login)/testing/" },
    },
    {
      name: "workspaces-apart",
      severity: "error",
      from: { path: "^(server|web|client|demo|e2e|bench)/" },
      to: {
        path: "^(server|web|demo|e2e|bench)/",
        pathNot: "^$1/|^web/src/ui/|^web/src/login/testing/|^server/src/login/(pages|fields)\\.ts$",
      },
    },
    {
      name: "pages-know-the-server-by-types-alone",
      severity: "error",
      from: { path: "^(web|client|demo|e2e|bench)/" },
      to: { path: "^server/src/login/", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "only-the-login-pages-know-their-types",
      severity: "error",
      from: { path: "^(web|client|demo|e2e|bench)/", pathNot: "^web/src/login/" },
      to: { path: "^server/src/login/" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "/dist/|^e2e/amplify-5/|^e2e/nextjs/|^bench/peer/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.base.json" },
    enhancedResolveOptions: {
      conditionNames: ["poolhouse-source", "import", "types", "node", "default"],
      extensions: [".ts", ".tsx", ".js", ".mjs", ".json", ".css"],
    },
  },
};
