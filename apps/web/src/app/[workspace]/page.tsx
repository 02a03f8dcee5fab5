import { StartPage } from '#features/start/StartPage.tsx';

export default function Start() {
  return <StartPage />;
}
