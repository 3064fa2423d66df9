const mac = /Mac|iPhone|iPad/.test(navigator.userAgent);

/** The name of the key that, held, makes a letter a command. */
export const commandKey = mac ? "⌘" : "Ctrl ";
