export const signUpOperations = {};
