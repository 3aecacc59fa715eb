export const clientOperations = {};
