/** The database could not be reached, did not answer in time or could not take the change; nothing is known to be wrong with the request. */
export class StoreUnavailable extends Error {
  override readonly name = "StoreUnavailable";
}
