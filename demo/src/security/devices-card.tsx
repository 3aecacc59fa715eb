import { fetchAuthSession, fetchDevices, forgetDevice, rememberDevice } from "aws-amplify/auth";
import { Badge } from "../../../web/src/ui/badge.tsx";
import { Button } from "../../../web/src/ui/button.tsx";
import { Card } from "../../../web/src/ui/card.tsx";
import { Notice } from "../../../web/src/ui/notice.tsx";
import { useAction } from "../action.tsx";
import { ItemList, moment } from "../item-list.tsx";
import { useLoaded } from "../use-loaded.ts";

async function loadDevices() {
  const [devices, { tokens }] = await Promise.all([fetchDevices(), fetchAuthSession()]);
  const own = tokens?.accessToken.payload["device_key"];
  return devices.map((device) => ({ ...device, isThis: device.id === own }));
}

/** The browsers that signed in; the one that is trusted is spared the second factor. */
export function DevicesCard() {
  const { value: devices, problem, reload } = useLoaded(loadDevices);
  const action = useAction();
  const hasThis = devices?.some(({ isThis }) => isThis);

  const trust = () =>
    action.run(async () => {
      await rememberDevice();
      await reload();
      return "This browser is spared the code of your app, until you reload the page.";
    });

  const forget = (id: string, isThis: boolean) =>
    action.run(async () => {
      // Without an id it also clears what Amplify keeps of this device.
      await forgetDevice(isThis ? {} : { device: { id } });
      await reload();
      return "The device is forgotten.";
    });

  return (
    <Card
      title="Devices"
      note="Browsers that signed in. The demo keeps nothing beyond a reload, so each visit counts as a new one."
    >
      {problem && <Notice tone="danger">{problem}</Notice>}
      {devices?.length === 0 && <p>No device is known. The next sign-in adds one.</p>}
      {devices && devices.length > 0 && (
        <ItemList
          items={devices.map(({ id, name, attributes, lastAuthenticatedDate, isThis }) => ({
            id,
            name: (
              <>
                <bdi>{shortName(name)}</bdi> {isThis && <Badge tone="accent">This browser</Badge>}
              </>
            ),
            details: `Signed in ${moment(lastAuthenticatedDate)} from ${attributes["last_ip_used"]}`,
            action: (
              <Button busy={action.busy} onClick={() => forget(id, isThis)}>
                Forget
                <span className="visually-hidden">
                  {" "}
                  {isThis ? "this browser" : shortName(name)}
                </span>
              </Button>
            ),
          }))}
        />
      )}
      {action.outcome}
      {hasThis && (
        <div className="row">
          <Button busy={action.busy} onClick={trust}>
            Trust this browser
          </Button>
        </div>
      )}
    </Card>
  );
}

const browsers = [
  ["Edge", /Microsoft Edge\/(\d+)/],
  ["Chrome", /Google Chrome\/(\d+)/],
  ["Firefox", /Firefox\/(\d+)/],
  ["Safari", /Version\/(\d+).*Safari/],
  ["Chromium", /Chromium\/(\d+)/],
] as const;

/** Amplify names a device by all that its browser tells of itself, or by its user agent; this is what a person knows. */
function shortName(name = ""): string {
  const system = /\((?:\w+; )?([^;)]+)/.exec(name.startsWith("Mozilla/") ? name : "")?.[1];
  for (const [browser, pattern] of browsers) {
    const version = pattern.exec(name)?.[1];
    if (version) return `${browser} ${version}, ${system ?? name.split(" ")[0]}`;
  }
  return "Unnamed device";
}
