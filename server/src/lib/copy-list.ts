/** A copy of a list for types that would let its receiver change it, such as those of the AWS SDK. */
export function copyList<T>(values: readonly T[] | undefined): T[] | undefined {
  return values && [...values];
}
