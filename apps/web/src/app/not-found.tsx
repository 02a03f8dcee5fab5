import { Lost } from '#shell/Lost.tsx';

export default function NotFound() {
  return <Lost />;
}
