import { settingTexts } from "../config/settings.ts";

/** The environment variables of a server, as `--help` shows them. */
export function settingsHelp(): string {
  const width = Math.max(...Object.keys(settingTexts).map((name) => name.length));
  const lines = Object.entries(settingTexts).map(
    ([name, text]) => `  ${name.padEnd(width)}  ${text}`,
  );
  return ["", "Environment, with what holds otherwise in brackets:", ...lines].join("\n");
}
