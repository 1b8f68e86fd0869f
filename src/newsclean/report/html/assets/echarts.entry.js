export { init } from 'echarts/core';
import { use } from 'echarts/core';
import { BarChart, SankeyChart } from 'echarts/charts';
import { GridComponent, TooltipComponent, LegendComponent } from 'echarts/components';
import { SVGRenderer } from 'echarts/renderers';
use([BarChart, SankeyChart, GridComponent, TooltipComponent, LegendComponent, SVGRenderer]);
