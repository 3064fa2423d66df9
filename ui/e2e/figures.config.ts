import config from "./playwright.config";

export default { ...config, testMatch: "figures.ts", workers: 1, retries: 0 };
