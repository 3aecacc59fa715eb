import type { ComponentType } from "react";
import {
  DeviceIcon,
  DoneIcon,
  LockIcon,
  MailIcon,
  MessageIcon,
  PasskeyIcon,
  PhoneIcon,
  StopIcon,
} from "../../ui/icons.tsx";

const icons = {
  app: PhoneIcon,
  device: DeviceIcon,
  done: DoneIcon,
  mail: MailIcon,
  message: MessageIcon,
  passkey: PasskeyIcon,
  password: LockIcon,
  stop: StopIcon,
} satisfies Record<string, ComponentType>;

export type SignKind = keyof typeof icons;

/** The picture of a thing that the words beside it name. */
export function Sign({ kind }: { kind: SignKind }) {
  const Icon = icons[kind];
  return <Icon />;
}
