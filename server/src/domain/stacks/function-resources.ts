/** Functions and who may call them, as resources of a stack. What AWS runs is in the properties, what runs here in the metadata. */
import type { AdminCall } from "../call.ts";
import { functionArn } from "../functions/arn.ts";
import { refuseChange } from "./refusal.ts";
import { foundBy, type ResourceType, type Wanted } from "./resource-type.ts";
import type { PropertiesOf } from "./template/resource-types.ts";

type FunctionProperties = PropertiesOf<"AWS::Lambda::Function">;
type PermissionProperties = PropertiesOf<"AWS::Lambda::Permission">;

type Permissions = { Permissions?: { StatementId: string }[] };

async function invoke(call: AdminCall, operation: string, input: object): Promise<Permissions> {
  return await call.invoke({ service: "poolhouse", operation, input });
}

const find = (call: AdminCall, FunctionName: string) =>
  foundBy(invoke(call, "GetFunction", { FunctionName }));

export const lambdaFunction: ResourceType<FunctionProperties> = {
  chooseId: (_call, { properties, defaultName }) => properties.FunctionName ?? defaultName,
  attributes: ({ principal, settings }, name) => ({
    Arn: functionArn({ region: principal.region, name }, settings.accountId),
  }),
  exists: async (call, { physicalId }) => (await find(call, physicalId)) !== undefined,
  async make(call, wanted, name) {
    const input = putInput(wanted, name);
    // PutFunction would replace it, whosever it is.
    if (await find(call, name))
      throw refuseChange(wanted.at, `there is a function ${name} already`);
    await invoke(call, "PutFunction", input);
    return name;
  },
  async change(call, { physicalId }, wanted) {
    await invoke(call, "PutFunction", putInput(wanted, physicalId));
  },
  async remove(call, { physicalId }) {
    await foundBy(invoke(call, "DeleteFunction", { FunctionName: physicalId }));
  },
};

const keys = ["Module", "Endpoint", "Secret", "LambdaArn"];

function putInput(
  { properties, extensions, at }: Wanted<FunctionProperties>,
  name: string,
): object {
  const unknown = Object.keys(extensions).find((key) => !keys.includes(key));
  if (unknown !== undefined) {
    throw refuseChange(
      at,
      `Metadata.Poolhouse of a function has no ${unknown}: ${keys.join(", ")}`,
    );
  }
  const { Module, Endpoint, LambdaArn, Secret } = extensions;
  const named = { FunctionName: name, ...extensions };
  if (Module !== undefined) return { ...named, ...moduleInput(properties) };
  if (LambdaArn !== undefined) return named;
  if (Endpoint === undefined) {
    const needed = "a Module, an Endpoint or a LambdaArn";
    throw refuseChange(at, `Metadata.Poolhouse does not say what runs here: ${needed}`);
  }
  // One that is made would be shown to nobody.
  if (Secret === undefined) {
    throw refuseChange(
      at,
      "Metadata.Poolhouse has an Endpoint and no Secret to sign its calls with",
    );
  }
  return named;
}

/** Lambda's Handler is the file's name, a dot and the export's. */
function moduleInput({ Handler, Environment }: FunctionProperties): object {
  return {
    ...(Handler === undefined ? {} : { Handler: Handler.slice(Handler.lastIndexOf(".") + 1) }),
    ...(Environment === undefined ? {} : { Environment }),
  };
}

export const lambdaPermission: ResourceType<PermissionProperties> = {
  chooseId: (_call, { defaultName }) => defaultName,
  async exists(call, { physicalId, properties }) {
    const found = await find(call, properties.FunctionName);
    return found?.Permissions?.some(({ StatementId }) => StatementId === physicalId) ?? false;
  },
  async make(call, { properties }, id) {
    await add(call, properties, id);
    return id;
  },
  async change(call, { physicalId, properties: before }, { properties }) {
    await remove(call, before, physicalId);
    await add(call, properties, physicalId);
  },
  remove: (call, { physicalId, properties }) => remove(call, properties, physicalId),
};

async function add(call: AdminCall, properties: PermissionProperties, id: string): Promise<void> {
  const { Action: _theOnlyOne, ...rest } = properties;
  await invoke(call, "AddFunctionPermission", { ...rest, StatementId: id });
}

async function remove(
  call: AdminCall,
  { FunctionName }: PermissionProperties,
  StatementId: string,
): Promise<void> {
  await foundBy(invoke(call, "RemoveFunctionPermission", { FunctionName, StatementId }));
}
