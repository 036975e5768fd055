/**
 * Where the built page lies: `index.html`, and `assets/` whose names hold a hash of what is in them. Beside a file that
 * packs well stand `.br` and `.gz` of it. The files ask for each other below `/console/`.
 */
export declare const consoleFolder: string
