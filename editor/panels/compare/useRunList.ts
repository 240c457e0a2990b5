import { useCallback, useEffect, useRef, useState } from "react";
import type { RunPoint, TagCount } from "../../generated/types";
import { api, type RunsAsked } from "../../net/api";
import { isAbort, words } from "../../net/errors";

const TYPING = 150; // ms of rest before it is looked for
const PAGE = 50;

export interface RunList {
  /** null until the first answer. */
  runs: RunPoint[] | null;
  total: number;
  tags: TagCount[];
  problem: string | null;
  /** There is a further page. */
  more: boolean;
  next: () => void;
  again: () => void;
}

/** The user's runs as asked for, page by page. */
export function useRunList(asked: RunsAsked): RunList {
  const key = JSON.stringify(asked);
  const [found, setFound] = useState<{ key: string; runs: RunPoint[]; total: number; after: string } | null>(null);
  const [tags, setTags] = useState<TagCount[]>([]);
  const [problem, setProblem] = useState<string | null>(null);
  const [turn, setTurn] = useState(0);
  const fetching = useRef(false);
  const tell = useCallback((error: unknown) => {
    if (!isAbort(error)) setProblem(words(error));
  }, []);
  useEffect(() => {
    const control = new AbortController();
    const look = async () => {
      const page = await api.runsPage({ ...(JSON.parse(key) as RunsAsked), limit: PAGE }, control.signal);
      setFound({ key, ...page });
      setProblem(null);
    };
    const timer = window.setTimeout(() => look().catch(tell), TYPING);
    return () => {
      window.clearTimeout(timer);
      control.abort();
    };
  }, [key, turn, tell]);
  useEffect(() => {
    const control = new AbortController();
    api.tags(control.signal).then(setTags, tell);
    return () => control.abort();
  }, [turn, tell]);
  const next = () => {
    if (!found?.after || fetching.current) return;
    fetching.current = true;
    const { key: before, after } = found;
    api
      .runsPage({ ...(JSON.parse(before) as RunsAsked), after, limit: PAGE })
      .then((page) => setFound((now) => (now?.key === before ? { ...now, ...page, runs: [...now.runs, ...page.runs] } : now)))
      .catch(tell)
      .finally(() => {
        fetching.current = false;
      });
  };
  return { runs: found?.runs ?? null, total: found?.total ?? 0, tags, problem, more: Boolean(found?.after), next, again: () => setTurn((before) => before + 1) };
}
