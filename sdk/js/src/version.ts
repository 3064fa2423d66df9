/** How this SDK names itself to a hub. A test keeps it equal to the package's version. */
export const SDK = "js/0.1.0";
