/** What the pages gain where scripts run. Everything but passkeys works without. */
import "../login.css";
import { cleanCodes } from "./codes.ts";
import { enableCopying } from "./copy.ts";
import { sendOnce } from "./once.ts";
import { enablePasskeys } from "./passkeys.ts";
import { enableReveal } from "./reveal.ts";
import { tickRules } from "./rules.ts";

enableReveal();
tickRules();
enableCopying();
cleanCodes();
sendOnce();
enablePasskeys();
document.querySelector<HTMLFormElement>("form[data-send-now]")?.submit();
