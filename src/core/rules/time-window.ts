// Conditions on the local time: `22:00-06:00`, `mon-fri`, `sat,sun 09:00-18:00`.

const dayNames = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const dayMinutes = 24 * 60;
const hours = /^(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})$/;

/**
 * A test for a time in milliseconds since the epoch, or undefined when the text names no window. Days come first, as
 * names or spans of names; hours that end before they begin go on into the next day, and the day is the one on which
 * they begin.
 */
export function parseTimeWindow(text: string): ((time: number) => boolean) | undefined {
  const written = text.trim().toLowerCase();
  if (written === '') return undefined;
  const cut = written.search(/\d/);
  const dayText = (cut === -1 ? written : written.slice(0, cut)).trim();
  const days = dayText === '' ? new Set(dayNames.keys()) : parseDays(dayText);
  const minutes = cut === -1 ? { from: 0, to: dayMinutes } : parseHours(written.slice(cut));
  if (days === undefined || minutes === undefined) return undefined;
  const { from, to } = minutes;
  return (time) => {
    const date = new Date(time);
    const minute = date.getHours() * 60 + date.getMinutes();
    const day = date.getDay();
    if (from < to) return minute >= from && minute < to && days.has(day);
    return (minute >= from && days.has(day)) || (minute < to && days.has((day + 6) % 7));
  };
}

function parseDays(text: string): Set<number> | undefined {
  const days = new Set<number>();
  for (const part of text.replace(/\s*-\s*/g, '-').split(/[\s,]+/)) {
    const [first = '', last = first, ...more] = part.split('-');
    const from = dayOf(first);
    const to = dayOf(last);
    if (from === -1 || to === -1 || more.length > 0) return undefined;
    for (let day = from; ; day = (day + 1) % 7) {
      days.add(day);
      if (day === to) break;
    }
  }
  return days;
}

/** `mon` and `monday` alike. */
function dayOf(name: string): number {
  const day = dayNames.indexOf(name.slice(0, 3));
  return /^(?:...|(?:sun|mon|fri)day|tuesday|wednesday|thursday|saturday)$/.test(name) ? day : -1;
}

function parseHours(text: string): { from: number; to: number } | undefined {
  const parts = hours.exec(text.trim())?.slice(1).map(Number);
  if (parts === undefined) return undefined;
  const [fromHour = 0, fromMinute = 0, toHour = 0, toMinute = 0] = parts;
  const from = fromHour * 60 + fromMinute;
  const to = toHour * 60 + toMinute;
  const valid = fromMinute < 60 && toMinute < 60 && from < dayMinutes && to <= dayMinutes && from !== to;
  return valid ? { from, to } : undefined;
}
