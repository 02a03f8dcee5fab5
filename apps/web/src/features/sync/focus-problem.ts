/**
 * Moves the focus to the first thing that is wrong: a control, or a message about several of them. Where the page is
 * longer than the screen, people would otherwise press a button and see nothing happen.
 */
export function focusFirstProblem(body: HTMLElement | null): void {
  requestAnimationFrame(() =>
    body?.querySelector<HTMLElement>('[aria-invalid="true"], [data-problem]')?.focus(),
  );
}
