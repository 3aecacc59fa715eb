import { runPlan } from "../../testing/conformance/plans.ts";

const mode = "query";

runPlan("oidcc-config-certification-test-plan", { profile: "compat", mode });
runPlan("oidcc-config-certification-test-plan", { profile: "hardened", mode });
