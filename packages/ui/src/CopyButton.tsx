'use client';

import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Button, IconButton } from './Button.tsx';

/** Copies a text; the icon turns into a tick for two seconds. With `children` it is a button with that label. */
export function CopyButton({
  text,
  label = 'Copy',
  children,
}: {
  text: string;
  label?: string;
  children?: string;
}) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 2000);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = () => void copyText(text).then(() => setCopied(true));
  const icon = copied ? <Check aria-hidden="true" className="text-positive" /> : <Copy aria-hidden="true" />;
  const announcement = (
    <span role="status" className="sr-only">
      {copied ? 'Copied' : ''}
    </span>
  );
  if (children !== undefined) {
    return (
      <>
        <Button onClick={copy}>
          {icon}
          {children}
        </Button>
        {announcement}
      </>
    );
  }
  return (
    <>
      <IconButton label={copied ? 'Copied' : label} size="icon-sm" onClick={copy}>
        {icon}
      </IconButton>
      {announcement}
    </>
  );
}

/** Copies without the clipboard API too: that one is missing on plain HTTP addresses. */
export async function copyText(text: string): Promise<void> {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const area = document.createElement('textarea');
  area.value = text;
  area.setAttribute('readonly', '');
  area.className = 'sr-only';
  document.body.append(area);
  area.select();
  document.execCommand('copy');
  area.remove();
}
