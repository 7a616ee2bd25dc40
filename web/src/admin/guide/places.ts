/** What is set up outside the pages of administration, and found from there. */
import type guide from "../../i18n/guide/es";

export interface OtherPlace {
  name: keyof (typeof guide)["places"];
  path: string;
}

export const PLACES: readonly OtherPlace[] = [
  { name: "articles", path: "/articles" },
  { name: "synonyms", path: "/articles/synonyms" },
  { name: "answers", path: "/articles/answers" },
  { name: "gaps", path: "/articles/gaps" },
  { name: "incidents", path: "/incidents" },
  { name: "peaks", path: "/peaks" },
  { name: "account", path: "/account" },
  { name: "wishes", path: "/notifications/settings" },
];
