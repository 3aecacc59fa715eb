export const poolOperations = {};
