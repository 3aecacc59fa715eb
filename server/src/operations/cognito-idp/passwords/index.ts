export const passwordOperations = {};
