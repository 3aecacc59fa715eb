import { ApiError, get } from "aws-amplify/api";
import { fetchAuthSession } from "aws-amplify/auth";
import { apiName } from "./amplify.ts";

/** What came back from the API, accepted or refused. */
export interface Answer {
  status: number;
  body: string;
}

/** Calls the API with the access token, or without one where nobody is signed in. */
export async function callApi(path: string): Promise<Answer> {
  const { tokens } = await fetchAuthSession();
  const headers = tokens ? { Authorization: tokens.accessToken.toString() } : {};
  try {
    const { statusCode, body } = await get({ apiName, path, options: { headers } }).response;
    return { status: statusCode, body: readable(await body.text()) };
  } catch (error) {
    // A refusal is an answer too; only a call that got none is a failure.
    if (error instanceof ApiError && error.response) {
      return { status: error.response.statusCode, body: readable(error.response.body ?? "") };
    }
    throw error;
  }
}

function readable(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}
