/** Articles of the help centre, their texts in each language, and what readers say of them. */
import { get, patch, post, put, remove } from "../api/client";
import type { components } from "../api/schema";
import type { Page } from "../api/shapes";

type Schemas = components["schemas"];

export type Article = Schemas["ArticleView"];
export type Translation = Schemas["TranslationView"];
export type Text = Schemas["TextView"];
export type Version = Schemas["VersionView"];
export type Section = Schemas["SectionView"];
export type Said = Schemas["FeedbackView"];
export type Found = Schemas["FoundView"];
export type InContext = Schemas["InContext"];
export type Measures = Schemas["MeasuresView"];
export type Sketch = Schemas["ArticleDraftView"];
export type Unsupported = Schemas["UnsupportedView"];
export type Wording = Schemas["WordingView"];
export type Stand = "" | "draft" | "published" | "stale" | "due";

export interface Written {
  title: string;
  summary: string;
  body: string;
  source_version?: number;
}

const text = (id: string, language: string): string => `/articles/${id}/texts/${language}`;

export const articles = {
  find: (words: string, state: Stand, section: string, cursor: string | null) =>
    get<Page<Article>>("/articles", {
      words: words || undefined,
      state: state || undefined,
      section_id: section || undefined,
      cursor: cursor ?? undefined,
    }),
  search: async (words: string, language: string) =>
    (await get<Schemas["FoundPage"]>("/articles/search", { q: words, language })).items,
  inContext: (conversationId: string) =>
    get<Schemas["InContextList"]>(`/conversations/${conversationId}/articles`),
  get: (id: string) => get<Article>(`/articles/${id}`),
  create: (values: Partial<Schemas["ArticleBody"]> & { text: Written; language: string }) =>
    post<Article>("/articles", values),
  change: (id: string, values: Schemas["ArticleChange"], version: number) =>
    patch<Article>(`/articles/${id}`, values, version),
  remove: (id: string) => remove(`/articles/${id}`),
  sections: async () => (await get<Page<Section>>("/sections")).items,
  text: (id: string, language: string) => get<Text>(text(id, language)),
  write: (id: string, language: string, written: Written, revision?: number) =>
    put<Text>(text(id, language), written, revision),
  publish: (id: string, language: string, note: string, minor: boolean) =>
    post<Text>(`${text(id, language)}/publish`, { note, minor }),
  withdraw: (id: string, language: string) => post<Text>(`${text(id, language)}/withdraw`),
  stillRight: (id: string, language: string) => post<Text>(`${text(id, language)}/still-right`),
  versions: (id: string, language: string, cursor: string | null) =>
    get<Page<Version>>(`${text(id, language)}/versions`, { cursor: cursor ?? undefined }),
  restore: (id: string, language: string, number: number) =>
    post<Text>(`${text(id, language)}/versions/${number.toString()}/restore`),
  addFile: (id: string, file: File) => {
    const body = new FormData();
    body.append("file", file);
    return post<Schemas["ArticleFileView"]>(`/articles/${id}/files`, body);
  },
  said: (id: string) => get<Schemas["FeedbackPage"]>(`/articles/${id}/feedback`, { limit: 20 }),
  measures: (id: string) => get<Measures>(`/articles/${id}/measures`),
  source: (id: string) => get<Schemas["MaybeSourceView"]>(`/articles/${id}/source`),
  wordings: async (id: string) => (await get<Page<Wording>>(`/articles/${id}/questions`)).items,
  addWording: (id: string, language: string, question: string) =>
    post<Wording>(`/articles/${id}/questions`, { language, question }),
  removeWording: (id: string, wording: string) => remove(`/articles/${id}/questions/${wording}`),
  preview: (body: string) => post<{ html: string }>("/articles/preview", { body }),
};
