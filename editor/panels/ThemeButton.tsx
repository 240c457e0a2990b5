import { setTheme, type Theme, useUi } from "../store/ui";
import { IconButton } from "../ui/Button";
import type { IconName } from "../ui/Icon";
import { Menu } from "../ui/Menu";

const THEMES: { theme: Theme; label: string; icon: IconName }[] = [
  { theme: "light", label: "Light", icon: "sun" },
  { theme: "dark", label: "Dark", icon: "moon" },
  { theme: "system", label: "As the system", icon: "screen" },
];

export function ThemeButton() {
  const chosen = useUi((state) => state.theme);
  const icon = THEMES.find(({ theme }) => theme === chosen)?.icon ?? "screen";
  return (
    <Menu label="Theme" align="end" items={THEMES.map(({ theme, ...item }) => ({ ...item, chosen: theme === chosen, onSelect: () => setTheme(theme) }))}>
      <IconButton label="Theme" icon={icon} />
    </Menu>
  );
}
