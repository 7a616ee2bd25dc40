/** What people ask and do not find answered, and what is done about it. */
import { get, post } from "../../api/client";
import type { components } from "../../api/schema";
import type { Page } from "../../api/shapes";

type Schemas = components["schemas"];

export type Gap = Schemas["GapView"];
export type GapState = Gap["state"];
export type GapCase = Schemas["GapCaseView"];
export type Asked = Schemas["GapQuestionView"];

const one = (id: string): string => `/gaps/${id}`;

export const gaps = {
  find: (state: GapState, language: string, cursor: string | null) =>
    get<Schemas["GapPage"]>("/gaps", {
      state,
      language: language || undefined,
      cursor: cursor ?? undefined,
    }),
  get: (id: string) => get<Gap>(one(id)),
  questions: (id: string, cursor: string | null) =>
    get<Page<Asked>>(`${one(id)}/questions`, { cursor: cursor ?? undefined }),
  cases: async (id: string) => (await get<Page<GapCase>>(`${one(id)}/cases`)).items,
  draft: (id: string, from: string, language: string) =>
    post<Gap>(`${one(id)}/draft`, { case_id: from, language }),
  look: () => post("/gaps/look"),
  give: (id: string, owner: string, due: string) =>
    post<Gap>(`${one(id)}/task`, { owner_id: owner || null, due_at: due || null }),
  answered: (id: string, article: string, language: string, questions: string[]) =>
    post<Gap>(`${one(id)}/answered`, { article_id: article, language, questions }),
  ignore: (id: string, reason: string) => post<Gap>(`${one(id)}/ignore`, { reason }),
  reopen: (id: string) => post<Gap>(`${one(id)}/reopen`),
  write: (id: string, language: string) => post<Gap>(`${one(id)}/article`, { language }),
};
