'use client';

import { useEffect, useState } from 'react';

/** The current time, moving on 5 times a second while `live`, so that timers look alive without costing much. */
export function useNow(live: boolean): Date {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    if (!live) return;
    setNow(new Date());
    const timer = setInterval(() => setNow(new Date()), 200);
    return () => clearInterval(timer);
  }, [live]);
  return now;
}
