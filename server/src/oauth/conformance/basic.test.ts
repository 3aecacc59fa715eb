import { runPlan } from "../../testing/conformance/plans.ts";

const mode = "query";

runPlan("oidcc-basic-certification-test-plan", { profile: "compat", mode });
runPlan("oidcc-basic-certification-test-plan", { profile: "hardened", mode });
