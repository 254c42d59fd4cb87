/** The server's own limit, told before the form is sent. */
export const PASSWORD_CHARACTERS_MIN = 10
