// The road of the data, as docs/architecture.md draws it: a folder may use what stands before it, never what stands after it.
const road = [
  ["yaml"],
  ["products", "expressions", "scim", "directory"],
  ["defaults"],
  ["spec"],
  ["desired"],
  ["clients"],
  ["provider"],
  ["program"],
];

/** Nobody on the road knows those who play the other side of it. */
const otherSide = ["provisioning", "receiver", "sandbox", "verify", "inspect", "demo", "commands"];

/** Shapes alone, which whoever produces or consumes them may name. */
const contracts = "^src/(provider/contract|clients/graph/synchronization-schema)\\.ts$";

const forbidden = [
  {
    name: "no-cycle",
    comment: "Two files that need each other are one idea, or one of them stands in the wrong folder.",
    severity: "error",
    from: {},
    to: { circular: true },
  },
  {
    name: "pulumi-only-where-it-belongs",
    comment: "@pulumi/pulumi alone costs half a second to load, and the core must be testable without an engine.",
    severity: "error",
    from: { path: "^src/", pathNot: "^src/(program|provider|sandbox/engine)/" },
    to: { path: "node_modules/@pulumi/" },
  },
  {
    name: "expectation-stands-apart-from-provisioning",
    comment: "What is expected and what is sent must not come from one piece of code, or one wrong idea is on both sides.",
    severity: "error",
    from: { path: "^src/(desired|verify|spec|products)/" },
    to: { path: "^src/(provisioning|sandbox)/" , reachable: true },
  },
];

road.forEach((folders, index) => {
  const later = road.slice(index + 1).flat().concat(otherSide);
  forbidden.push({
    name: `road-${folders.join("-")}`,
    comment: "Data flows one way: see the road in docs/architecture.md.",
    severity: "error",
    from: { path: `^src/(${folders.join("|")})/` },
    to: { path: `^src/(${later.join("|")})/`, pathNot: contracts },
  });
});

module.exports = {
  forbidden,
  options: {
    doNotFollow: { path: "node_modules" },
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { extensions: [".ts", ".js"] },
  },
};
