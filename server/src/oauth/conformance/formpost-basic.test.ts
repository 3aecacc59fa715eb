import { runPlan } from "../../testing/conformance/plans.ts";

const mode = "form_post";

runPlan("oidcc-formpost-basic-certification-test-plan", { profile: "compat", mode });
runPlan("oidcc-formpost-basic-certification-test-plan", { profile: "hardened", mode });
