import { configure } from "@testing-library/react";

// On a busy machine a second, which is the default, is over before a page has rendered.
configure({ asyncUtilTimeout: 20_000 });
