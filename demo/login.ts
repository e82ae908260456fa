/** The administrator of the demo store. */
export const LOGIN = { email: "admin@example.com", password: "supersecret" }
